"""Settings by subject: base, database, security. No business rule and no permission is a setting."""
