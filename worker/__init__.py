"""The clock: answers turns, sends messages, closes what expired."""
