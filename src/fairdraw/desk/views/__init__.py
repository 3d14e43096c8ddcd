"""Doors of the pages that join several stages."""
