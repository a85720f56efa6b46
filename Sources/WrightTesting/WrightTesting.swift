// WrightTesting
