"""One template to many contacts, paced and behind conversations."""
