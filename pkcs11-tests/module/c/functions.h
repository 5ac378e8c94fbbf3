/* functions.h: what these programs use of PKCS#11, so that they need no header of others. Each function list is a
 * version and then the functions in the order of the standard. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef unsigned long number;
typedef number (*function)(); /* called with the arguments that the standard gives it */

struct list {
    unsigned char version[2];
    function at[68];
};

enum {
    INITIALIZE = 0, FINALIZE = 1, GET_INFO = 2, GET_SLOT_LIST = 4, OPEN_SESSION = 12, LOGIN = 18,
    FIND_OBJECTS_INIT = 26, FIND_OBJECTS = 27, FIND_OBJECTS_FINAL = 28, SIGN_INIT = 42, SIGN = 43,
    WAIT_FOR_SLOT_EVENT = 67
};

enum {
    OK = 0, NOT_INITIALIZED = 0x190, ALREADY_INITIALIZED = 0x191,
    SERIAL_SESSION = 4, USER = 1, CLASS = 0, PRIVATE_KEY = 3, ECDSA = 0x1041
};

/* The PINs of a simulated card of which nothing else is said. */
#define PIN1 "246813"
#define PIN2 "123456"

struct attribute { number type; void *value; number length; };
struct mechanism { number mechanism; void *parameter; number length; };

/* Ends the program where a number is not the one expected. */
#define EXPECT(got, wanted)                                                                                  \
    do {                                                                                                     \
        number got_ = (number)(got);                                                                         \
        if (got_ != (number)(wanted)) {                                                                      \
            fprintf(stderr, "%s:%d: %s is %#lx, not %s\n", __FILE__, __LINE__, #got, got_, #wanted);         \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

/* The module's functions. */
static struct list *load(const char *path)
{
    struct list *list = NULL;
    void *module = dlopen(path, RTLD_NOW);
    function get;
    if (!module) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    *(void **)&get = dlsym(module, "C_GetFunctionList");
    if (!get || get(&list) != OK)
        exit(1);
    return list;
}

/* Signs with the first private key; the session is logged in. */
static number sign(struct list *module, number session)
{
    unsigned char data[48] = {1}, signature[96];
    number class = PRIVATE_KEY, key = 0, count = 0, length = sizeof signature, result;
    struct attribute template = {CLASS, &class, sizeof class};
    struct mechanism mechanism = {ECDSA, NULL, 0};
    if ((result = module->at[FIND_OBJECTS_INIT](session, &template, (number)1)) != OK)
        return result;
    result = module->at[FIND_OBJECTS](session, &key, (number)1, &count);
    module->at[FIND_OBJECTS_FINAL](session);
    if (result != OK)
        return result;
    if ((result = module->at[SIGN_INIT](session, &mechanism, key)) != OK)
        return result;
    return module->at[SIGN](session, data, (number)sizeof data, signature, &length);
}

/* Opens a session with the first token, that of PIN1, and logs in. */
static number log_in(struct list *module)
{
    number slots[16], count = 16, session = 0;
    EXPECT(module->at[GET_SLOT_LIST](1, NULL, &count), OK);
    count = 16;
    EXPECT(module->at[GET_SLOT_LIST](1, slots, &count), OK);
    EXPECT(count, 2);
    EXPECT(module->at[OPEN_SESSION](slots[0], (number)SERIAL_SESSION, NULL, NULL, &session), OK);
    EXPECT(module->at[LOGIN](session, (number)USER, PIN1, (number)6), OK);
    return session;
}

#endif
