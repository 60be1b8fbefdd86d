"""SCREENS FOR PEOPLE (Streamlit): a client of the API, which checks every right."""
