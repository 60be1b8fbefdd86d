"""Contacts (contactos): who writes to us."""
