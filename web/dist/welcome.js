// Shows the visitor's language and the address under which they reached this server.
document.documentElement.lang = /^fr\b/i.test(navigator.language) ? 'fr' : 'en';
for (const place of document.querySelectorAll('.address')) place.textContent = location.origin;
