"""The trusted side: starts the sandbox, asks the guest, and trusts no byte that comes back."""
