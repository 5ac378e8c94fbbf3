/* A proxy for a PKCS#11 module that changes its profiles. The environment says how:
 *   PROFILES_MODULE  the module
 *   PROFILES_CHANGE  "hidden": a search for profiles finds nothing;
 *                    "claimed": CKP_AUTHENTICATION_TOKEN instead of CKP_EXTENDED_PROVIDER
 *   PROFILES_LOG     a file that gets a line, with the name of the token, for every changed answer ("hidden",
 *                    "claimed") and for every C_Login ("login") */

#include <dlfcn.h>
#include <pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST_3_0 behind, before;
static CK_INTERFACE interface = { (CK_CHAR *)"PKCS 11", &before, 0 };

static int change_is(const char *name)
{
    const char *change = getenv("PROFILES_CHANGE");
    return change && strcmp(change, name) == 0;
}

static void note(CK_SESSION_HANDLE session, const char *what)
{
    CK_SESSION_INFO info;
    CK_TOKEN_INFO token;
    FILE *log = fopen(getenv("PROFILES_LOG"), "a");
    int length = sizeof token.label;
    if (!log || behind.C_GetSessionInfo(session, &info) || behind.C_GetTokenInfo(info.slotID, &token))
        abort();
    while (length && token.label[length - 1] == ' ')
        length--;
    fprintf(log, "%s %.*s\n", what, length, (char *)token.label);
    fclose(log);
}

static CK_RV search(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count)
{
    CK_OBJECT_CLASS none = CK_UNAVAILABLE_INFORMATION;
    CK_ATTRIBUTE nothing = { CKA_CLASS, &none, sizeof none };
    for (CK_ULONG at = 0; at < count; at++)
        if (change_is("hidden") && template[at].type == CKA_CLASS
            && *(CK_OBJECT_CLASS *)template[at].pValue == CKO_PROFILE) {
            note(session, "hidden");
            return behind.C_FindObjectsInit(session, &nothing, 1);
        }
    return behind.C_FindObjectsInit(session, template, count);
}

static CK_RV value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count)
{
    CK_RV rv = behind.C_GetAttributeValue(session, object, template, count);
    for (CK_ULONG at = 0; rv == CKR_OK && at < count; at++) {
        CK_PROFILE_ID *profile = template[at].pValue;
        if (change_is("claimed") && template[at].type == CKA_PROFILE_ID && profile
            && *profile == CKP_EXTENDED_PROVIDER) {
            note(session, "claimed");
            *profile = CKP_AUTHENTICATION_TOKEN;
        }
    }
    return rv;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length)
{
    note(session, "login");
    return behind.C_Login(session, user, pin, length);
}

CK_RV C_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **found, CK_FLAGS flags)
{
    CK_VERSION known = { 3, 0 };
    CK_INTERFACE *real;
    CK_C_GetInterface get;
    void *module = dlopen(getenv("PROFILES_MODULE"), RTLD_NOW | RTLD_LOCAL);
    if (!module || !(get = (CK_C_GetInterface)dlsym(module, "C_GetInterface")))
        return CKR_GENERAL_ERROR;
    if (version && memcmp(version, &known, sizeof known) != 0)
        return CKR_FUNCTION_FAILED;
    CK_RV rv = get(name, &known, &real, flags);
    if (rv != CKR_OK)
        return rv;
    behind = before = *(CK_FUNCTION_LIST_3_0 *)real->pFunctionList;
    interface.flags = real->flags;
    before.C_FindObjectsInit = search;
    before.C_GetAttributeValue = value;
    before.C_Login = login;
    *found = &interface;
    return CKR_OK;
}

/* The functions of 2.40 are the beginning of those of 3.0. */
CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    CK_INTERFACE *found;
    *list = (CK_FUNCTION_LIST *)&before;
    return C_GetInterface(interface.pInterfaceName, NULL, &found, 0);
}
