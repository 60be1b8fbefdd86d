"""Parts of the screens that run in the browser: `st.components.v2` components in plain JavaScript, no build step."""
