#ifndef CERTIFY_CZLIB_SHIM_H
#define CERTIFY_CZLIB_SHIM_H
#include <zlib.h>
#endif
