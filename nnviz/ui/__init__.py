"""The Streamlit page: the sidebar's widgets, the stage component and the panels below it."""
