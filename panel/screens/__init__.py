"""One file per screen: a script that Streamlit runs for each visit."""
