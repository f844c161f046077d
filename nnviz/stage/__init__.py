"""The stage: everything that runs in the browser, as plain ES modules, independent of Streamlit."""
