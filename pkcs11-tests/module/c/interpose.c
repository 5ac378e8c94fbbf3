/* interpose.c MODULE: a program that exports functions with the standard's names, as one that is linked with a module of
 * its own. The module must call its own functions, and give them out. */
#define _GNU_SOURCE
#include <unistd.h>
#include "functions.h"

static int called;

#define MINE(name) number name(void) { called++; return 5; }
MINE(C_Initialize)
MINE(C_Finalize)
MINE(C_GetInfo)
MINE(C_GetSlotList)
MINE(C_OpenSession)
MINE(C_Login)
MINE(C_FindObjectsInit)
MINE(C_SignInit)
MINE(C_Sign)
MINE(C_GetFunctionList)
MINE(C_GetInterface)
MINE(C_GetInterfaceList)

int main(int count, char **arguments)
{
    struct list *module;
    unsigned char info[256];
    if (count != 2)
        return 2;
    module = load(arguments[1]);
    EXPECT(module->at[GET_INFO](info), NOT_INITIALIZED);
    EXPECT(module->at[INITIALIZE](NULL), OK);
    EXPECT(module->at[INITIALIZE](NULL), ALREADY_INITIALIZED);
    EXPECT(module->at[GET_INFO](info), OK);
    EXPECT(sign(module, log_in(module)), OK);
    EXPECT(module->at[FINALIZE](NULL), OK);
    EXPECT(called, 0);
    return 0;
}
