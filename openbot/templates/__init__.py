"""Templates as WhatsApp approved them (contract §5.4): read from Graph, kept with their status."""
