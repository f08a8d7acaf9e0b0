# tries: to be the last process that is killed for memory
# bare: machine
(echo -999 >/proc/self/oom_score_adj) && echo ESCAPED
