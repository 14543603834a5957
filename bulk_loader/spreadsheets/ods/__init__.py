"""OpenDocument spreadsheets, .ods."""
