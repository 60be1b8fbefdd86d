"""Doors for machines and browsers (FastAPI)."""
