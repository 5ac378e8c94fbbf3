/* leave.c MODULE: a program that ends without C_Finalize, logged in and with a thread inside the module. */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>
#include "functions.h"

static struct list *module;

static void *waits(void *nothing)
{
    number slot;
    module->at[WAIT_FOR_SLOT_EVENT]((number)0, &slot, NULL);
    return nothing;
}

int main(int count, char **arguments)
{
    pthread_t thread;
    if (count != 2)
        return 2;
    alarm(20);
    module = load(arguments[1]);
    EXPECT(module->at[INITIALIZE](NULL), OK);
    EXPECT(sign(module, log_in(module)), OK);
    pthread_create(&thread, NULL, waits, NULL);
    usleep(50000);
    return 0;
}
