"""The doors of accounts: signing in and out, one's own password, administration."""
