#include "CWrightImage.h"
