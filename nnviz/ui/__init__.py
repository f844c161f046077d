"""The page: Streamlit widgets in the sidebar, and the stage, a component that draws the run."""
