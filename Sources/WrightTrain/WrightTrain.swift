// WrightTrain
