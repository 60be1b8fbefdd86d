"""What WhatsApp charges for what was delivered (contract §6.5): an estimate."""
