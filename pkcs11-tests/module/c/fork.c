/* fork.c MODULE: children of a program whose other threads are inside the module at the moment of the fork. Each child
 * has to find the module not initialised, to be able to use it, and to leave the parent as it was. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
#include "functions.h"

static struct list *module;
static volatile int stop;

static void *waits(void *nothing)
{
    number slot;
    EXPECT(module->at[WAIT_FOR_SLOT_EVENT]((number)0, &slot, NULL), NOT_INITIALIZED);
    return nothing;
}

static void *asks(void *nothing)
{
    while (!stop) {
        number count = 0;
        EXPECT(module->at[GET_SLOT_LIST](0, NULL, &count), OK);
    }
    return nothing;
}

/* What a child does, and how it ends. */
static void child(int orderly)
{
    unsigned char info[256];
    number slots[16], count = 16;
    alarm(20);
    EXPECT(module->at[GET_INFO](info), NOT_INITIALIZED);
    EXPECT(module->at[GET_SLOT_LIST](1, slots, &count), NOT_INITIALIZED);
    EXPECT(module->at[FINALIZE](NULL), NOT_INITIALIZED);
    EXPECT(module->at[INITIALIZE](NULL), OK);
    count = 16;
    EXPECT(module->at[GET_SLOT_LIST](1, slots, &count), OK);
    EXPECT(count, 2);
    if (orderly)
        EXPECT(module->at[FINALIZE](NULL), OK);
    if (orderly)
        exit(0);
    _exit(0);
}

int main(int count, char **arguments)
{
    pthread_t threads[3];
    number session;
    int round, status;
    if (count != 2)
        return 2;
    module = load(arguments[1]);
    EXPECT(module->at[INITIALIZE](NULL), OK);
    session = log_in(module);
    EXPECT(sign(module, session), OK);
    pthread_create(&threads[0], NULL, waits, NULL);
    pthread_create(&threads[1], NULL, asks, NULL);
    pthread_create(&threads[2], NULL, asks, NULL);
    for (round = 0; round < 20; round++) {
        pid_t id = fork();
        if (id == 0)
            child(round % 2);
        EXPECT(waitpid(id, &status, 0), id);
        EXPECT(status, 0);
        /* The parent's session and login are as they were. */
        EXPECT(sign(module, session), OK);
    }
    /* A child of a program that has not initialised the module. */
    stop = 1;
    pthread_join(threads[1], NULL);
    pthread_join(threads[2], NULL);
    EXPECT(module->at[FINALIZE](NULL), OK);
    pthread_join(threads[0], NULL);
    if (fork() == 0)
        child(1);
    EXPECT(wait(&status) > 0, 1);
    EXPECT(status, 0);
    EXPECT(module->at[INITIALIZE](NULL), OK);
    EXPECT(sign(module, log_in(module)), OK);
    EXPECT(module->at[FINALIZE](NULL), OK);
    return 0;
}
