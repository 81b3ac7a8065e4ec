/** So many processes are unreadable even for root (the init process of some sandboxes). More: rtwatch lacks privileges. Our own threshold. */
export const fewUnreadable = 5;
