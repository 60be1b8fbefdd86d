"""What the company sells, where, when and how it is paid; and which of it a phrase names."""
