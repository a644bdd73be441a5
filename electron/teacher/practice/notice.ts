/** Shown beside every figure that comes from the practice teacher. */
export const practiceTeacherNotice = 'practice teacher, not a language model';
