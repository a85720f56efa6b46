// WrightCPU
