"""The script that Streamlit runs for every reader."""

import streamlit as st

if __name__ == "__main__":
    st.html("<h1 class=ui>Hello</h1>")
