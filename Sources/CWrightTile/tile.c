#include "CWrightTile.h"
