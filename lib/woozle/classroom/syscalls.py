"""The system calls that a notebook may make, by the reason why: all others fail.

Not here are, among others: sockets of any kind, memory that nobody can count (memfd, System V, extended attributes,
asynchronous input and output, locked pages), other processes' memory, further namespaces, mounts, keys, and everything
that a newer kernel may bring. Each has its numbers on x86-64 and on ARM64; None: that machine has no such call.
"""

ALLOWED: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "files and folders, which lie in memory of a fixed size": {
        "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None), "fstat": (5, 80),
        "lstat": (6, None), "lseek": (8, 62), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65),
        "writev": (20, 66), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286), "pwritev2": (328, 287),
        "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "openat": (257, 56),
        "newfstatat": (262, 79), "statx": (332, 291), "getdents": (78, None), "getdents64": (217, 61),
        "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "rename": (82, None), "renameat": (264, 38),
        "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None),
        "unlinkat": (263, 35), "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
        "readlink": (89, None), "readlinkat": (267, 78), "chmod": (90, None), "fchmod": (91, 52),
        "fchmodat": (268, 53), "umask": (95, 166), "truncate": (76, 45), "ftruncate": (77, 46),
        "fallocate": (285, 47), "fsync": (74, 82), "fdatasync": (75, 83), "flock": (73, 32), "utime": (132, None),
        "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None), "statfs": (137, 43),
        "fstatfs": (138, 44), "fadvise64": (221, 223), "readahead": (187, 213), "sendfile": (40, 71),
        "copy_file_range": (326, 285), "fcntl": (72, 25), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
        "ioctl": (16, 29), "close_range": (436, 436), "getxattr": (191, 8), "lgetxattr": (192, 9),
        "fgetxattr": (193, 10), "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13),
        "sync_file_range": (277, 84),
    },
    "pipes, as many as descriptors are allowed": {
        "pipe": (22, None), "pipe2": (293, 59),
    },
    "waiting for them": {
        "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    },
    "memory, which is counted": {
        "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
        "madvise": (28, 233), "mincore": (27, 232), "msync": (26, 227), "get_mempolicy": (239, 236),
        "membarrier": (324, 283),
    },
    "threads and locks between them": {
        "futex": (202, 98), "set_robust_list": (273, 99), "get_robust_list": (274, 100), "set_tid_address": (218, 96),
        "gettid": (186, 178), "rseq": (334, 293), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
        "sched_setaffinity": (203, 122), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
        "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126), "getcpu": (309, 168),
        "arch_prctl": (158, None), "prctl": (157, 167),
    },
    "processes, as many as are allowed": {
        "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
        "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260), "waitid": (247, 95), "getpid": (39, 172),
        "getppid": (110, 173), "getpgid": (121, 155), "getpgrp": (111, None), "setpgid": (109, 154),
        "getsid": (124, 156), "setsid": (112, 157), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
        "getpriority": (140, 141), "prlimit64": (302, 261), "getrlimit": (97, 163), "setrlimit": (160, 164),
        "getrusage": (98, 165), "times": (100, 153), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    },
    "who one is": {
        "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
        "getgroups": (115, 158), "getresuid": (118, 148), "getresgid": (120, 150), "capget": (125, 90),
    },
    "signals": {
        "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
        "rt_sigpending": (127, 136), "rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137),
        "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "sigaltstack": (131, 132),
        "pause": (34, None), "restart_syscall": (219, 128),
    },
    "time": {
        "time": (201, None), "gettimeofday": (96, 169), "clock_gettime": (228, 113), "clock_getres": (229, 114),
        "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "alarm": (37, None), "getitimer": (36, 102),
        "setitimer": (38, 103),
    },
    "the machine, as far as programs ask": {
        "uname": (63, 160), "sysinfo": (99, 179), "getrandom": (318, 278),
    },
}  # fmt: skip
