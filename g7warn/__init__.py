"""g7warn: early warning of stress in critical-minerals markets."""
