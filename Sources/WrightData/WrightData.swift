// WrightData
