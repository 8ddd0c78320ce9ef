package config

// Version is the build's own version; the linker sets it.
var Version = "dev"
