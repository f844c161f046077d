"""The stage: all that runs in the visitor's browser, as plain ES modules. Knows no Streamlit."""
