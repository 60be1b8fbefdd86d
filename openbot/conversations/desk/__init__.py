"""What operators do in «Comunicaciones»: which conversations there are, taking one, writing in it."""
