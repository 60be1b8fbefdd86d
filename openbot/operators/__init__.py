"""People of the panel."""
