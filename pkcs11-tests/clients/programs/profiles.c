/* A module before a module, which tells other things of its profiles (CKO_PROFILE) than there are.
 *
 * AVAIN_BEHIND names the module behind. AVAIN_PROFILES is "hide": no profile is found; "claim": the token says that it
 * is an authentication token besides all else; or anything else: nothing is changed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

#define PROFILE_CLASS 9UL
#define PROFILE_ID 0x601UL
#define EXTENDED_PROVIDER 2UL
#define AUTHENTICATION_TOKEN 3UL
#define NO_CLASS 0x7FFFFFFFUL

static CK_FUNCTION_LIST *behind, list;

static int told(const char *what)
{
    const char *wanted = getenv("AVAIN_PROFILES");
    return wanted != NULL && strcmp(wanted, what) == 0;
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count)
{
    static CK_ULONG none = NO_CLASS;
    CK_ATTRIBUTE wanted[16];
    if (!told("hide") || count > 16)
        return behind->C_FindObjectsInit(session, attributes, count);
    for (CK_ULONG i = 0; i < count; i++) {
        wanted[i] = attributes[i];
        if (wanted[i].type == CKA_CLASS && *(CK_ULONG *)wanted[i].pValue == PROFILE_CLASS)
            wanted[i].pValue = &none;
    }
    return behind->C_FindObjectsInit(session, wanted, count);
}

static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes,
                                 CK_ULONG count)
{
    CK_RV code = behind->C_GetAttributeValue(session, object, attributes, count);
    for (CK_ULONG i = 0; told("claim") && i < count; i++) {
        CK_ULONG *value = attributes[i].pValue;
        int known = attributes[i].type == PROFILE_ID && attributes[i].ulValueLen == sizeof *value && value != NULL;
        if (known && *value == EXTENDED_PROVIDER)
            *value = AUTHENTICATION_TOKEN;
    }
    return code;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **functions)
{
    void *module = dlopen(getenv("AVAIN_BEHIND"), RTLD_NOW);
    CK_C_GetFunctionList get = module == NULL ? NULL : (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
    if (get == NULL || get(&behind) != CKR_OK)
        return CKR_GENERAL_ERROR;
    list = *behind;
    list.C_FindObjectsInit = find_objects_init;
    list.C_GetAttributeValue = get_attribute_value;
    *functions = &list;
    return CKR_OK;
}
