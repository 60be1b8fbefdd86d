"""The panel under load: a generated company of any size, and a table of how long everything takes."""
