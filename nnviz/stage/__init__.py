"""The stage: everything that runs in the browser, as plain ES modules.

Its Python modules do not import Streamlit; in JavaScript only ``host`` depends on it.
"""
