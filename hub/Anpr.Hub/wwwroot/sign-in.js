// A person who opened the link meant it; a program that only previews it runs no script.
document.querySelector('form[data-post-at-once]')?.requestSubmit();
