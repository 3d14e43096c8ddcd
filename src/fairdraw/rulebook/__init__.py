"""Numbers, deadlines, calendars and codes of regulation, as dated rows with their clause (规则库)."""
