// WrightRuntime
