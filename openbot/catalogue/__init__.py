"""What the company sells, where, when and how it is paid; and what a sentence says about it."""
