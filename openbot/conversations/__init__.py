"""Conversations: what came in, whose turn it is, what goes out."""
