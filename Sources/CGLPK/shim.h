#ifndef CERTIFY_CGLPK_SHIM_H
#define CERTIFY_CGLPK_SHIM_H
#include <glpk.h>
#endif
