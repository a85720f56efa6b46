#include "CWrightDNN.h"
