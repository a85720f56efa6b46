// WrightNN
