// WrightModels
