"""The few pages that are not Streamlit's: signing in, closing the other session, choosing a password.

Plain HTML that works without JavaScript in any browser.
"""
